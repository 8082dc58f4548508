"""The shop behind the front line: what is asked of it and who answers."""

from actions.shop.http import HttpShop
from actions.shop.port import Shop
from actions.shop.sql import SqlShop
from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import SettingsError
from frontline.settings import Settings


def make_shop(settings: Settings, database: Database, clock: Clock) -> Shop:
    """The shop that the settings name.

    Raises:
        SettingsError: a shop's API is to be asked, but its address is missing or no address.
    """
    if settings.shop == "sql":
        return SqlShop(database, clock)
    if not settings.shop_api_url.startswith(("https://", "http://")):
        raise SettingsError("FRONTLINE_SHOP=http needs FRONTLINE_SHOP_API_URL=https://...")
    return HttpShop(settings.shop_api_url, settings.shop_api_token, clock=clock)
