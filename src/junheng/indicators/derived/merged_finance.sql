-- 经费：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。
-- Finance: sites that are not judged apart are merged into their school; one empty value makes the sum unknown.
select
  r.county,
  coalesce(s.school, r.school) as school,
  case when count(*) = count(r.public_funds_yuan) then cast(sum(r.public_funds_yuan) as decimal(20, 4)) end as public_funds_yuan,
  case when count(*) = count(r.public_funds_final_yuan) then cast(sum(r.public_funds_final_yuan) as decimal(20, 4)) end as public_funds_final_yuan,
  case when count(*) = count(r.training_yuan) then cast(sum(r.training_yuan) as decimal(20, 4)) end as training_yuan,
  case when count(*) = count(r.training_final_yuan) then cast(sum(r.training_final_yuan) as decimal(20, 4)) end as training_final_yuan,
  case when count(*) = count(r.capital_yuan) then cast(sum(r.capital_yuan) as decimal(20, 4)) end as capital_yuan,
  case when count(*) = count(r.current_yuan) then cast(sum(r.current_yuan) as decimal(20, 4)) end as current_yuan
from returned_finance as r
left join sites as s on s.county = r.county and s.site = r.school
group by r.county, coalesce(s.school, r.school)
