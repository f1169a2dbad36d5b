-- 不进入七项资源指标测算的学校学段及原因。
-- School-stages that the seven resource indicators leave out, and why.
select
  m.county,
  m.school,
  m.stage,
  m.pupils,
  case when m.kind in ('special', 'vocational') then m.kind else 'small_teaching_point' end as reason
from school_stages as m
left join limits_none as l on l.county = m.county
where m.stage in ('primary', 'junior', 'special')
  and (m.kind in ('special', 'vocational') or (m.kind = 'teaching_point' and m.school_pupils < l.{scope.teaching_point.minimum}))
