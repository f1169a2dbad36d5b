-- 单独测算的学校：学校，以及单独测算的校区（类别等随所属学校）。
-- What is judged as a school: schools, and campuses that are judged apart (their kind and the like are the school's).
select
  s.county,
  s.school,
  s.kind,
  s.ownership,
  s.founder,
  s.inclusive,
  s.estate_kindergarten,
  s.urban_rural,
  s.district,
  s.built_year,
  s.boarding
from returned_schools as s
union all
select
  c.county,
  c.campus as school,
  p.kind,
  p.ownership,
  p.founder,
  p.inclusive,
  p.estate_kindergarten,
  p.urban_rural,
  p.district,
  p.built_year,
  p.boarding
from returned_campuses as c
join returned_schools as p on p.county = c.county and p.school = c.school
where coalesce(c.counted, false) = true
