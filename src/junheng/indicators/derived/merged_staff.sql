-- 教职工：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Staff: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.stage,
  r.staff,
  r.teachers,
  r.established,
  r.contracted,
  r.doctors,
  r.masters,
  r.bachelors,
  r.colleges,
  r.below_college,
  r.backbone,
  r.certified,
  r.trained,
  r.part_time,
  r.visiting,
  r.visiting_pe_arts,
  r.heads,
  r.certified_heads,
  r.carers
from returned_staff as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.staff) then cast(sum(r.staff) as bigint) end as staff,
  case when count(*) = count(r.teachers) then cast(sum(r.teachers) as bigint) end as teachers,
  case when count(*) = count(r.established) then cast(sum(r.established) as bigint) end as established,
  case when count(*) = count(r.contracted) then cast(sum(r.contracted) as bigint) end as contracted,
  case when count(*) = count(r.doctors) then cast(sum(r.doctors) as bigint) end as doctors,
  case when count(*) = count(r.masters) then cast(sum(r.masters) as bigint) end as masters,
  case when count(*) = count(r.bachelors) then cast(sum(r.bachelors) as bigint) end as bachelors,
  case when count(*) = count(r.colleges) then cast(sum(r.colleges) as bigint) end as colleges,
  case when count(*) = count(r.below_college) then cast(sum(r.below_college) as bigint) end as below_college,
  case when count(*) = count(r.backbone) then cast(sum(r.backbone) as bigint) end as backbone,
  case when count(*) = count(r.certified) then cast(sum(r.certified) as bigint) end as certified,
  case when count(*) = count(r.trained) then cast(sum(r.trained) as bigint) end as trained,
  case when count(*) = count(r.part_time) then cast(sum(r.part_time) as bigint) end as part_time,
  case when count(*) = count(r.visiting) then cast(sum(r.visiting) as bigint) end as visiting,
  case when count(*) = count(r.visiting_pe_arts) then cast(sum(r.visiting_pe_arts) as bigint) end as visiting_pe_arts,
  case when count(*) = count(r.heads) then cast(sum(r.heads) as bigint) end as heads,
  case when count(*) = count(r.certified_heads) then cast(sum(r.certified_heads) as bigint) end as certified_heads,
  case when count(*) = count(r.carers) then cast(sum(r.carers) as bigint) end as carers
from returned_staff as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
