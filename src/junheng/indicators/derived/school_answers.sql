-- 学生问卷与抽测汇总，每校每学段一行；校区并入所属学校，有一行未填，合计即为未知。
-- Answers and samples, a row a school and stage; sites are merged into their school, one empty value makes the sum unknown.
select
  r.county,
  r.school,
  r.stage,
  r.answers,
  r.slept,
  r.in_time,
  r.liking,
  r.sampled,
  r.reached,
  r.supported,
  r.supported_reached
from returned_school_answers as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.answers) then cast(sum(r.answers) as bigint) end as answers,
  case when count(*) = count(r.slept) then cast(sum(r.slept) as bigint) end as slept,
  case when count(*) = count(r.in_time) then cast(sum(r.in_time) as bigint) end as in_time,
  case when count(*) = count(r.liking) then cast(sum(r.liking) as bigint) end as liking,
  case when count(*) = count(r.sampled) then cast(sum(r.sampled) as bigint) end as sampled,
  case when count(*) = count(r.reached) then cast(sum(r.reached) as bigint) end as reached,
  case when count(*) = count(r.supported) then cast(sum(r.supported) as bigint) end as supported,
  case when count(*) = count(r.supported_reached) then cast(sum(r.supported_reached) as bigint) end as supported_reached
from returned_school_answers as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
