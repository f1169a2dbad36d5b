-- 并入所属学校的校区（不单独测算）。
-- Campuses that are merged into their school (not judged apart).
select
  c.county,
  c.campus as site,
  c.school
from returned_campuses as c
where coalesce(c.counted, false) = false
