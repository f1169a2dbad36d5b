-- 需要合并的行：校区的代码，以及有这类校区的学校自己的代码，各归哪所学校。
-- The codes whose rows are merged: those of sites, and of the schools that have such sites, each with the school it goes to.
select
  s.county,
  s.site as code,
  s.school
from sites as s
union all
select distinct
  s.county,
  s.school as code,
  s.school
from sites as s
