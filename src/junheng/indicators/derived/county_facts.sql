-- 县域情况，连同学年（9月1日所在年）和全县在园幼儿数。
-- The county's facts, with the calendar year in which the school year starts and all children in kindergartens.
select
  r.county,
  r.residents,
  r.registered,
  r.approved_posts,
  r.held_posts,
  cast(r.teacher_mean_pay_yuan as decimal(20, 4)) as teacher_mean_pay_yuan,
  cast(r.civil_servant_mean_pay_yuan as decimal(20, 4)) as civil_servant_mean_pay_yuan,
  r.exchange_eligible,
  r.exchanged,
  r.exchanged_backbone,
  r.disabled_children,
  r.disabled_enrolled,
  r.migrant_children,
  r.migrant_public,
  r.migrant_purchased,
  r.senior_plan,
  r.senior_allocated,
  r.senior_allocated_rural,
  r.grade9_pupils,
  r.grade9_transferred_in,
  r.grade9_transferred_out,
  r.grade7_pupils_then,
  r.grade7_deaths,
  r.survey_answers,
  r.survey_satisfied,
  r.survey_parents,
  r.children_3_5,
  r.preschool_answers,
  r.preschool_satisfied,
  cast(r.preschool_established_pay_yuan as decimal(20, 4)) as preschool_established_pay_yuan,
  cast(r.preschool_contracted_pay_yuan as decimal(20, 4)) as preschool_contracted_pay_yuan,
  r.preschool_accidents,
  r.preschool_misconduct,
  cast(r.public_funds_quota_primary_yuan as decimal(20, 4)) as public_funds_quota_primary_yuan,
  cast(r.public_funds_quota_junior_yuan as decimal(20, 4)) as public_funds_quota_junior_yuan,
  cast(r.public_funds_quota_special_yuan as decimal(20, 4)) as public_funds_quota_special_yuan,
  r.basic_balance_year,
  l.year,
  p.preschool_pupils
from returned_county_facts as r
left join limits_none as l on l.county = r.county
left join (
  select
    e.county,
    case when count(*) = count(e.pupils) then cast(sum(e.pupils) as bigint) end as preschool_pupils
  from listed_stages as e
  where e.stage = 'preschool'
  group by e.county
) as p on p.county = r.county
