-- 每校每学段的班级（或班额档次）；没有报送班级的学段留一空行。
-- The classes (or size bands) of each school and stage; a stage that sent none has one empty row.
select
  m.county,
  m.school,
  m.stage,
  g.class,
  g.grade,
  g.classes,
  g.least,
  g.most,
  g.exact,
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
left join class_groups_sent as g on g.county = m.county and g.school = m.school and g.stage = m.stage
