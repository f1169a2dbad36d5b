-- 逐班报送的学段：班数与最大班额；一班未填，最大班额即为未知。
-- School-stages that sent single classes: how many, and the largest of them; unknown when one is not filled in.
select
  r.county,
  coalesce(s.school, r.school) as school,
  r.stage,
  count(*) as classes,
  case when count(*) = count(r.pupils) then max(r.pupils) end as largest_class
from returned_classes as r
left join sites as s on s.county = r.county and s.site = r.school
group by r.county, coalesce(s.school, r.school), r.stage
