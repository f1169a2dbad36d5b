-- 每校合计：学段数、义务教育学生数、随迁子女数、按学段权数折合的学生数（九年、十二年一贯与附设班用全段权数，只有初中高中的用完中权数）。
-- A school's totals: stages, compulsory pupils, migrants, and pupils weighted by stage (all-through weights, or those of a complete secondary school).
select
  e.county,
  e.school,
  count(*) as stages,
  min(case when e.stage in ('junior', 'senior') then 1 else 0 end) as only_secondary,
  min(case when e.stage = 'primary' then 1 when e.stage = 'junior' then 2 end) as lowest,
  case
    when max(case when e.stage = 'primary' then 1 end) = 1 and max(case when e.stage = 'junior' then 1 end) = 1 then 'both'
    else min(case when e.stage in ('primary', 'junior') then e.stage end)
  end as compulsory,
  case
    when count(case when e.stage in ('primary', 'junior') and e.pupils is null then 1 end) = 0
    then cast(sum(case when e.stage in ('primary', 'junior') then e.pupils end) as bigint)
  end as school_pupils,
  case
    when count(case when e.stage in ('primary', 'junior') and e.migrant is null then 1 end) = 0
    then cast(sum(case when e.stage in ('primary', 'junior') then e.migrant end) as bigint)
  end as migrant,
  case
    when count(*) = count(e.pupils) and count(*) = 1
    then cast(max(e.pupils) as decimal(20, 4))
    when count(*) = count(e.pupils * l.{split.complete_secondary.weight}) and min(case when e.stage in ('junior', 'senior') then 1 else 0 end) = 1
    then cast(sum(e.pupils * cast(l.{split.complete_secondary.weight} as decimal(8, 4))) as decimal(20, 4))
    when count(*) = count(e.pupils * l.{split.all_through.weight}) and min(case when e.stage in ('junior', 'senior') then 1 else 0 end) = 0
    then cast(sum(e.pupils * cast(l.{split.all_through.weight} as decimal(8, 4))) as decimal(20, 4))
  end as weighted_pupils
from listed_stages as e
left join limits_stage as l on l.county = e.county and l.stage = e.stage
group by e.county, e.school
