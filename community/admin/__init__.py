"""Django's admin for staff: what each role may look at, and forms that call operations."""

from community.admin import people, places, records
from community.admin.site import StaffSite

site = StaffSite(name="admin")
people.register(site)
places.register(site)
records.register(site)
