-- 逐班报送的班级，一班一行；没有逐班报送的学段留一空行。
-- Single classes, one row each; a stage that sent none has one empty row.
select
  m.county,
  m.school,
  m.stage,
  g.class,
  g.grade,
  g.least as pupils,
  m.pupils as stage_pupils,
  m.kind,
  m.ownership,
  m.urban_rural,
  m.area,
  m.built_year,
  m.boarding,
  m.school_pupils,
  m.migrant,
  m.largest_class
from school_stages as m
left join class_groups_sent as g on g.county = m.county and g.school = m.school and g.stage = m.stage and g.exact
