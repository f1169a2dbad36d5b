-- 普通高中的课程，每校每领域一行；校区并入所属学校。
-- Courses, a row a school and field; sites are merged into their school.
select
  r.county,
  r.school,
  r.field,
  r.courses,
  r.choices,
  r.teachers
from returned_courses as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.field,
  case when count(*) = count(r.courses) then cast(sum(r.courses) as bigint) end as courses,
  case when count(*) = count(r.choices) then cast(sum(r.choices) as bigint) end as choices,
  case when count(*) = count(r.teachers) then cast(sum(r.teachers) as bigint) end as teachers
from returned_courses as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.field
