-- 新增经费。
-- The accounts by purpose.
select
  r.county,
  r.purpose,
  cast(r.yuan as decimal(20, 4)) as yuan,
  cast(r.yuan_before as decimal(20, 4)) as yuan_before
from returned_spending as r
