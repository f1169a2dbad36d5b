-- 各报送单位（学校、校区、村小）每学段在校生：各年级、性别合计；一行未填即未知。在合并校点之前只汇总一次。
-- Pupils of every site that sends (a school, a campus, a village site) and stage: the sum over grades and sexes; one empty value makes it
-- unknown. The many rows of enrolment are summed here once, before sites are merged.
select
  e.county,
  e.school,
  e.stage,
  case when count(*) = count(e.pupils) then cast(sum(e.pupils) as bigint) end as pupils,
  case when count(*) = count(e.boarders) then cast(sum(e.boarders) as bigint) end as boarders,
  case when count(*) = count(e.migrant) then cast(sum(e.migrant) as bigint) end as migrant,
  case when count(*) = count(e.left_behind) then cast(sum(e.left_behind) as bigint) end as left_behind,
  case when count(*) = count(e.disabled) then cast(sum(e.disabled) as bigint) end as disabled
from returned_enrolment as e
group by e.county, e.school, e.stage
