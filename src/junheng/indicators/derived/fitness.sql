-- 体质健康测试汇总，每校每学段一行；不单独计校数的校区并入所属学校，有一行未填，合计即为未知。
-- Physical tests, a row a school and stage; sites that are not judged apart are merged into their school, one empty value makes the sum unknown.
select
  r.county,
  r.school,
  r.stage,
  r.due,
  r.excused,
  r.tested,
  r.good,
  r.passed
from returned_fitness as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.due) then cast(sum(r.due) as bigint) end as due,
  case when count(*) = count(r.excused) then cast(sum(r.excused) as bigint) end as excused,
  case when count(*) = count(r.tested) then cast(sum(r.tested) as bigint) end as tested,
  case when count(*) = count(r.good) then cast(sum(r.good) as bigint) end as good,
  case when count(*) = count(r.passed) then cast(sum(r.passed) as bigint) end as passed
from returned_fitness as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
