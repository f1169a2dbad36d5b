-- 设备与图书：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Equipment and books: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  cast(r.teaching_equipment_yuan as decimal(20, 4)) as teaching_equipment_yuan,
  r.books,
  r.computers,
  cast(r.toy_value_yuan as decimal(20, 4)) as toy_value_yuan
from returned_equipment as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  case when count(*) = count(r.teaching_equipment_yuan) then cast(sum(r.teaching_equipment_yuan) as decimal(20, 4)) end as teaching_equipment_yuan,
  case when count(*) = count(r.books) then cast(sum(r.books) as bigint) end as books,
  case when count(*) = count(r.computers) then cast(sum(r.computers) as bigint) end as computers,
  case when count(*) = count(r.toy_value_yuan) then cast(sum(r.toy_value_yuan) as decimal(20, 4)) end as toy_value_yuan
from returned_equipment as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school
