-- 校舍与场地，连同可以计入的租用运动场地：有租约、保留使用权、步行安全且在规定时间之内的才计入。
-- Premises, with the leased sports ground that counts: leased by contract, kept for the school, on a safe way of no more than the minutes allowed.
select
  r.county,
  r.school,
  r.site_area_m2,
  r.floor_area_m2,
  r.teaching_area_m2,
  r.indoor_sports_area_m2,
  r.sports_ground_area_m2,
  r.rebuilt_sports_area_m2,
  r.leased_sports_area_m2,
  case
    when r.lease_contract is not null and r.lease_reserved and r.lease_safe_route
      and r.lease_walk_minutes <= l.{conditions.sports_area.leased_walk.maximum}
    then r.leased_sports_area_m2
    when r.leased_sports_area_m2 is not null then 0
  end as leased_sports_fit_m2,
  r.over_density_document,
  r.multimedia_rooms,
  r.classrooms,
  r.outdoor_area_m2,
  r.activity_area_m2,
  r.in_use_since
from returned_premises as r
left join limits_none as l on l.county = r.county
