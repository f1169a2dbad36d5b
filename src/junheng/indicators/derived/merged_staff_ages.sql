-- 专任教师分年龄：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。
-- Teachers by age: sites that are not judged apart are merged into their school; one empty value makes the sum unknown.
select
  r.county,
  coalesce(s.school, r.school) as school,
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
left join sites as s on s.county = r.county and s.site = r.school
group by r.county, coalesce(s.school, r.school), r.stage
