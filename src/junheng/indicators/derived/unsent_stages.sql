-- 完全没有报送在校生的学校，按类别列出其学段。
-- The stages of a school that sent no pupils at all, by its kind.
select
  s.county,
  s.school,
  k.stage
from counted_schools as s
join stages_of_kind as k on k.kind = s.kind
left join enrolled as e on e.county = s.county and e.school = s.school
where e.school is null
