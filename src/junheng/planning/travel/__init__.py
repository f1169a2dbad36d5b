"""How far it is from where children live to schools: as supplied, along roads, or straight with a detour; round rivers and railways."""

from junheng.planning.travel.ask import Travel, travel
from junheng.planning.travel.barriers import adjacency_without_barriers
from junheng.planning.travel.points import Points, school_points, site_points, village_points

__all__ = ["Points", "Travel", "adjacency_without_barriers", "school_points", "site_points", "travel", "village_points"]
