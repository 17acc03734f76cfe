"""Files in the shapes that incident systems give, every row invented."""

DATIX = (
    "ID,Ref,Category,Sub category,Incident date,Time,Reported,Location,Dose,Description,Handler\r\n"
    "1,W101,Radiation,Wrong patient exposed,03/02/2026,1405,04/02/2026,CT 2,9 mSv,"
    '"CT head for a request\nmade on another patient",Handler A\r\n'
    "2,W102,Radiation,Wrong side,19/05/2026,09:30,19/05/2026,Room 3,,Left wrist imaged,Handler B\r\n"
    "3,W103,Falls,Slip,20/05/2026,,20/05/2026,Ward,,Fell,Handler B\r\n"
    "4,W104,Radiation,Wrong side,31/02/2026,,20/05/2026,Room 3,,x,Handler B\r\n"
    "5,W105,Radiation,Wong side,19/05/2026,,20/05/2026,Room 3,,x,Handler B\r\n"
    "6,W106,Radiation,Wrong side,19/05/2026,,20/05/2026,Room 3,,"
    "NHS 999 000 0018 was scanned,Handler B\r\n"
    ",Total,6,,,,,,,,\r\n"
)
MAPPING = """
source = "datix"
ref = "Ref"
dates = "%d/%m/%Y"
only = { "Category" = ["Radiation"] }
[fact.occurred_on]
column = ["Incident date", "Time"]
[fact.discovered_on]
column = "Reported"
[fact.cause]
column = "Sub category"
values = { "Wrong patient exposed" = "wrong patient identified", "Wrong side" = "wrong side" }
[fact.exposure]
column = "Sub category"
values = { "Wrong patient exposed" = "accidental", "Wrong side" = "unintended", "Wong side" = "unintended" }
[fact.nation]
value = "england"
[fact.category]
value = "diagnostic"
[fact.age_group]
value = "adult"
[fact.total_dose]
column = "Dose"
[detail.equipment]
column = "Location"
[detail.account]
column = "Description"
[skip]
columns = ["Handler"]
"""
