-- 每校义务教育学段的班数与最大班额。
-- Classes of a school's compulsory stages, and the largest of them.
select
  c.county,
  c.school,
  case when count(*) = count(c.classes) then cast(sum(c.classes) as bigint) end as classes,
  case when count(*) = count(c.largest_class) then max(c.largest_class) end as largest_class
from stage_classes as c
where c.stage in ('primary', 'junior')
group by c.county, c.school
