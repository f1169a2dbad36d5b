-- 每个校点的义务教育学生数，及其中的小学生。
-- The compulsory pupils of every site, and those in its primary stage.
select
  s.county,
  s.school,
  s.site,
  case when count(*) = count(s.pupils) then cast(sum(s.pupils) as bigint) end as site_pupils,
  max(case when s.stage = 'primary' then s.pupils end) as primary_pupils
from site_stages as s
group by s.county, s.school, s.site
