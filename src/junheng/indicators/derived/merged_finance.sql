-- 经费：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Finance: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  cast(r.public_funds_yuan as decimal(20, 4)) as public_funds_yuan,
  cast(r.public_funds_final_yuan as decimal(20, 4)) as public_funds_final_yuan,
  cast(r.training_yuan as decimal(20, 4)) as training_yuan,
  cast(r.training_final_yuan as decimal(20, 4)) as training_final_yuan,
  cast(r.capital_yuan as decimal(20, 4)) as capital_yuan,
  cast(r.current_yuan as decimal(20, 4)) as current_yuan
from returned_finance as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  case when count(*) = count(r.public_funds_yuan) then cast(sum(r.public_funds_yuan) as decimal(20, 4)) end as public_funds_yuan,
  case when count(*) = count(r.public_funds_final_yuan) then cast(sum(r.public_funds_final_yuan) as decimal(20, 4)) end as public_funds_final_yuan,
  case when count(*) = count(r.training_yuan) then cast(sum(r.training_yuan) as decimal(20, 4)) end as training_yuan,
  case when count(*) = count(r.training_final_yuan) then cast(sum(r.training_final_yuan) as decimal(20, 4)) end as training_final_yuan,
  case when count(*) = count(r.capital_yuan) then cast(sum(r.capital_yuan) as decimal(20, 4)) end as capital_yuan,
  case when count(*) = count(r.current_yuan) then cast(sum(r.current_yuan) as decimal(20, 4)) end as current_yuan
from returned_finance as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school
