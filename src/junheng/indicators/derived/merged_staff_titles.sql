-- 专任教师分职称：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Teachers by title: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.stage,
  r.title_full_senior,
  r.title_senior,
  r.title_middle,
  r.title_junior,
  r.title_none
from returned_staff_titles as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.title_full_senior) then cast(sum(r.title_full_senior) as bigint) end as title_full_senior,
  case when count(*) = count(r.title_senior) then cast(sum(r.title_senior) as bigint) end as title_senior,
  case when count(*) = count(r.title_middle) then cast(sum(r.title_middle) as bigint) end as title_middle,
  case when count(*) = count(r.title_junior) then cast(sum(r.title_junior) as bigint) end as title_junior,
  case when count(*) = count(r.title_none) then cast(sum(r.title_none) as bigint) end as title_none
from returned_staff_titles as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
