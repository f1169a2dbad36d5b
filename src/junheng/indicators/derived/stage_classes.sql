-- 各校各学段班数与最大班额；一班未填即未知，分档报送的最大班额未知。
-- Classes and the largest class of a school and stage; unknown when one is not filled in, or when only bands were sent.
select
  n.county,
  n.school,
  n.stage,
  n.classes,
  n.largest_class
from single_classes as n
union all
select
  r.county,
  coalesce(s.school, r.school) as school,
  r.stage,
  case when count(*) = count(r.classes) then cast(sum(r.classes) as bigint) end as classes,
  cast(null as bigint) as largest_class
from returned_class_sizes as r
left join sites as s on s.county = r.county and s.site = r.school
left join single_classes as n on n.county = r.county and n.school = coalesce(s.school, r.school) and n.stage = r.stage
where n.school is null
group by r.county, coalesce(s.school, r.school), r.stage
