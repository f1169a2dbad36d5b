-- 每校专用教室，一间一行（没有报送的学校留一空行）；stage 为该校最低的义务教育学段，classes 为义务教育班数。
-- Special rooms of each school, one row each (one empty row when none were sent); stage is the school's lowest compulsory stage.
select
  t.county,
  t.school,
  case when t.lowest = 1 then 'primary' when t.lowest = 2 then 'junior' end as stage,
  r.room,
  r.use,
  cast(r.area_m2 as decimal(20, 4)) as area_m2,
  coalesce(r.built_year, f.built_year) as built_year,
  c.classes,
  c.largest_class,
  t.school_pupils as pupils,
  t.school_pupils,
  t.migrant,
  f.kind,
  f.ownership,
  f.urban_rural,
  case when f.urban_rural in ('111', '112') then 'city' when f.urban_rural in ('121', '122', '123') then 'town' when f.urban_rural in ('210', '220') then 'rural' end as area,
  f.boarding
from school_totals as t
left join counted_schools as f on f.county = t.county and f.school = t.school
left join school_classes as c on c.county = t.county and c.school = t.school
left join (
  select
    q.county,
    coalesce(s.school, q.school) as school,
    q.room,
    q.use,
    q.area_m2,
    q.built_year
  from returned_special_rooms as q
  left join sites as s on s.county = q.county and s.site = q.school
) as r on r.county = t.county and r.school = t.school
where t.lowest is not null
