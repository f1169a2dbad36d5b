-- 合并之前：每个校点（学校本部、校区、村小）每个义务教育学段的学生，及其经费所在的账户。
-- Before sites are merged: the pupils of every site (a school's own, campuses, village sites) and compulsory stage, with its account.
select
  e.county,
  coalesce(a.account, e.school) as school,
  e.school as site,
  e.stage,
  e.pupils
from sent_stages as e
left join site_accounts as a on a.county = e.county and a.site = e.school
where e.stage in ('primary', 'junior') and (e.pupils is null or e.pupils > 0)
union all
select
  u.county,
  coalesce(a.account, u.school) as school,
  u.school as site,
  u.stage,
  cast(null as bigint) as pupils
from unsent_stages as u
left join site_accounts as a on a.county = u.county and a.site = u.school
where u.stage in ('primary', 'junior')
