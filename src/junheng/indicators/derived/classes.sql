-- 逐班报送的班级，一班一行；没有逐班报送的学段留一空行。
-- Single classes, one row each; a stage that sent none has one empty row.
select
  g.county,
  g.school,
  g.stage,
  case when g.exact then g.class end as class,
  case when g.exact then g.grade end as grade,
  case when g.exact then g.least end as pupils,
  g.stage_pupils,
  g.kind,
  g.ownership,
  g.urban_rural,
  g.area,
  g.built_year,
  g.boarding,
  g.school_pupils,
  g.migrant,
  g.largest_class
from class_groups as g
