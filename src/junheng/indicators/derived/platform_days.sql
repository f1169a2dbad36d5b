-- 平台使用天数，每校每用途一行；校区并入所属学校，取天数多的。
-- Days of use, a row a school and purpose; sites are merged into their school, whose days are those of the busiest.
select
  r.county,
  r.school,
  r.purpose,
  r.days
from returned_platform_days as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.purpose,
  case when count(*) = count(r.days) then max(r.days) end as days
from returned_platform_days as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.purpose
