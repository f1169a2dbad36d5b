-- 学位：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Places: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.stage,
  r.places,
  r.rooms
from returned_places as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.places) then cast(sum(r.places) as bigint) end as places,
  case when count(*) = count(r.rooms) then cast(sum(r.rooms) as bigint) end as rooms
from returned_places as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
