-- 生均公用经费定额，分学段一行。
-- The public funds quota, one row a stage.
select
  r.county,
  'primary' as stage,
  cast(r.public_funds_quota_primary_yuan as decimal(20, 4)) as quota_yuan
from returned_county_facts as r
union all
select
  r.county,
  'junior' as stage,
  cast(r.public_funds_quota_junior_yuan as decimal(20, 4)) as quota_yuan
from returned_county_facts as r
