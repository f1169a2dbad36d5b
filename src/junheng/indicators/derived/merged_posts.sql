-- 编制：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。
-- Posts: sites that are not judged apart are merged into their school; one empty value makes the sum unknown.
select
  r.county,
  coalesce(s.school, r.school) as school,
  case when count(*) = count(r.approved) then cast(sum(r.approved) as bigint) end as approved,
  case when count(*) = count(r.held) then cast(sum(r.held) as bigint) end as held
from returned_posts as r
left join sites as s on s.county = r.county and s.site = r.school
group by r.county, coalesce(s.school, r.school)
