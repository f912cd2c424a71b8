"""What master data refuses: names that are not on file."""

from wms.kernel.errors import Unknown


class SiteUnknown(Unknown):
    """This database holds no such site yet."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.site_unknown", read=read)


class GoodsUnknown(Unknown):
    """No article has this number or bar code."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.goods_unknown", read=read)


class PlaceUnknown(Unknown):
    """No place has this code."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.place_unknown", read=read, expected="BK-A-01-1")


class EnterpriseUnknown(Unknown):
    """No firm on file has this key or customs number."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.enterprise_unknown", read=read)


class VehicleUnknown(Unknown):
    """No vehicle on file has this plate."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.vehicle_unknown", read=read)


class PrinterUnknown(Unknown):
    """No printer has this code."""

    def __init__(self, read: object) -> None:
        super().__init__("masterdata.printer_unknown", read=read)


class CodeUnknown(Unknown):
    """The code table has no such code."""

    def __init__(self, table: str, read: object) -> None:
        super().__init__("masterdata.code_unknown", table=table, read=read)
