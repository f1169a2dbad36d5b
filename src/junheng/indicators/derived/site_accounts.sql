-- 校区、村小等校点的经费记在谁的账上：自己报了经费的记在自己名下，其余记在所属学校名下。
-- On whose account the money of a campus or village site stands: its own where it sent finance, otherwise that of its school.
select
  c.county,
  c.campus as site,
  c.school as owner,
  case when f.school is not null then c.campus else c.school end as account
from returned_campuses as c
left join returned_finance as f on f.county = c.county and f.school = c.campus
