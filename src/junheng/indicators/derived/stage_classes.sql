-- 各校各学段班数与最大班额；一班未填即未知，分档报送的最大班额未知。
-- Classes and the largest class of a school and stage; unknown when one is not filled in, or when only bands were sent.
select
  c.county,
  c.school,
  c.stage,
  case when count(*) = count(c.classes) then cast(sum(c.classes) as bigint) end as classes,
  case when count(*) = count(case when c.exact then c.most end) then max(c.most) end as largest_class
from class_groups_sent as c
group by c.county, c.school, c.stage
