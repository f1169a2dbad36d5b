-- 每校每学段的班级（或班额档次）；没有报送班级的学段留一空行。
-- The classes (or size bands) of each school and stage; a stage that sent none has one empty row.
select
  g.county,
  g.school,
  g.stage,
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
from class_groups_sent as g
left join school_stages as m on m.county = g.county and m.school = g.school and m.stage = g.stage
union all
select
  u.county,
  u.school,
  u.stage,
  nullif('', '') as class,
  nullif('', '') as grade,
  cast(null as bigint) as classes,
  cast(null as bigint) as least,
  cast(null as bigint) as most,
  cast(null as boolean) as exact,
  u.pupils as stage_pupils,
  u.kind,
  u.ownership,
  u.urban_rural,
  u.area,
  u.built_year,
  u.boarding,
  u.school_pupils,
  u.migrant,
  u.largest_class
from school_stages as u
left join stage_classes as s on s.county = u.county and s.school = u.school and s.stage = u.stage
where s.school is null
