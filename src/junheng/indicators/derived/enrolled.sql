-- 各校各学段在校生：并入的校点合计；一行未填即未知。
-- Pupils of a school and stage, with the sites that are merged into it; one empty value makes it unknown.
select
  e.county,
  coalesce(s.school, e.school) as school,
  e.stage,
  case when count(*) = count(e.pupils) then cast(sum(e.pupils) as bigint) end as pupils,
  case when count(*) = count(e.boarders) then cast(sum(e.boarders) as bigint) end as boarders,
  case when count(*) = count(e.migrant) then cast(sum(e.migrant) as bigint) end as migrant,
  case when count(*) = count(e.left_behind) then cast(sum(e.left_behind) as bigint) end as left_behind,
  case when count(*) = count(e.disabled) then cast(sum(e.disabled) as bigint) end as disabled
from sent_stages as e
left join sites as s on s.county = e.county and s.site = e.school
group by e.county, coalesce(s.school, e.school), e.stage
