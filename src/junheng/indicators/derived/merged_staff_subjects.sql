-- 专任教师分学科：不单独计校数的校区并入所属学校；有一行未填，合计即为未知。没有这类校区的学校原样列出。
-- Teachers by subject: sites that are not judged apart are merged into their school; one empty value makes the sum unknown. Others stand as they are.
select
  r.county,
  r.school,
  r.stage,
  r.chinese,
  r.mathematics,
  r.english,
  r.morality,
  r.science,
  r.physics,
  r.chemistry,
  r.biology,
  r.history,
  r.geography,
  r.pe,
  r.music,
  r.fine_art,
  r.arts,
  r.labour,
  r.it,
  r.practice,
  r.psychology,
  r.other_subject
from returned_staff_subjects as r
left join merging as a on a.county = r.county and a.code = r.school
where a.code is null
union all
select
  r.county,
  s.school,
  r.stage,
  case when count(*) = count(r.chinese) then cast(sum(r.chinese) as bigint) end as chinese,
  case when count(*) = count(r.mathematics) then cast(sum(r.mathematics) as bigint) end as mathematics,
  case when count(*) = count(r.english) then cast(sum(r.english) as bigint) end as english,
  case when count(*) = count(r.morality) then cast(sum(r.morality) as bigint) end as morality,
  case when count(*) = count(r.science) then cast(sum(r.science) as bigint) end as science,
  case when count(*) = count(r.physics) then cast(sum(r.physics) as bigint) end as physics,
  case when count(*) = count(r.chemistry) then cast(sum(r.chemistry) as bigint) end as chemistry,
  case when count(*) = count(r.biology) then cast(sum(r.biology) as bigint) end as biology,
  case when count(*) = count(r.history) then cast(sum(r.history) as bigint) end as history,
  case when count(*) = count(r.geography) then cast(sum(r.geography) as bigint) end as geography,
  case when count(*) = count(r.pe) then cast(sum(r.pe) as bigint) end as pe,
  case when count(*) = count(r.music) then cast(sum(r.music) as bigint) end as music,
  case when count(*) = count(r.fine_art) then cast(sum(r.fine_art) as bigint) end as fine_art,
  case when count(*) = count(r.arts) then cast(sum(r.arts) as bigint) end as arts,
  case when count(*) = count(r.labour) then cast(sum(r.labour) as bigint) end as labour,
  case when count(*) = count(r.it) then cast(sum(r.it) as bigint) end as it,
  case when count(*) = count(r.practice) then cast(sum(r.practice) as bigint) end as practice,
  case when count(*) = count(r.psychology) then cast(sum(r.psychology) as bigint) end as psychology,
  case when count(*) = count(r.other_subject) then cast(sum(r.other_subject) as bigint) end as other_subject
from returned_staff_subjects as r
join merging as s on s.county = r.county and s.code = r.school
group by r.county, s.school, r.stage
