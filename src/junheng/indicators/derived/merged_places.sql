-- 学位：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。
-- Places: sites that are not judged apart are merged into their school; one empty value makes the sum unknown.
select
  r.county,
  coalesce(s.school, r.school) as school,
  r.stage,
  case when count(*) = count(r.places) then cast(sum(r.places) as bigint) end as places,
  case when count(*) = count(r.rooms) then cast(sum(r.rooms) as bigint) end as rooms
from returned_places as r
left join sites as s on s.county = r.county and s.site = r.school
group by r.county, coalesce(s.school, r.school), r.stage
