-- 专任教师分年龄：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Teachers by age: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.stage,
  r.age_to_24,
  r.age_25_29,
  r.age_30_34,
  r.age_35_39,
  r.age_40_44,
  r.age_45_49,
  r.age_50_54,
  r.age_55_59,
  r.age_from_60
from returned_staff_ages as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.age_to_24) then cast(sum(r.age_to_24) as bigint) end as age_to_24,
  case when count(*) = count(r.age_25_29) then cast(sum(r.age_25_29) as bigint) end as age_25_29,
  case when count(*) = count(r.age_30_34) then cast(sum(r.age_30_34) as bigint) end as age_30_34,
  case when count(*) = count(r.age_35_39) then cast(sum(r.age_35_39) as bigint) end as age_35_39,
  case when count(*) = count(r.age_40_44) then cast(sum(r.age_40_44) as bigint) end as age_40_44,
  case when count(*) = count(r.age_45_49) then cast(sum(r.age_45_49) as bigint) end as age_45_49,
  case when count(*) = count(r.age_50_54) then cast(sum(r.age_50_54) as bigint) end as age_50_54,
  case when count(*) = count(r.age_55_59) then cast(sum(r.age_55_59) as bigint) end as age_55_59,
  case when count(*) = count(r.age_from_60) then cast(sum(r.age_from_60) as bigint) end as age_from_60
from returned_staff_ages as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
