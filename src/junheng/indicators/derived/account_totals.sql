-- 每个账户之下最小的校点；有一个校点人数未填，即为未知。
-- The smallest site of every account; unknown as soon as the pupils of one are.
select
  t.county,
  t.school,
  case when count(*) = count(t.site_pupils) then min(t.site_pupils) end as least_site_pupils
from site_totals as t
group by t.county, t.school
