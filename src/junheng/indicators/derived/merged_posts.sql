-- 编制：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Posts: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.approved,
  r.held
from returned_posts as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  case when count(*) = count(r.approved) then cast(sum(r.approved) as bigint) end as approved,
  case when count(*) = count(r.held) then cast(sum(r.held) as bigint) end as held
from returned_posts as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school
