from storage.migrations import NEW_FILE
from tools.schema import of_all_steps

NEW_FILE.write_text(of_all_steps(), encoding="utf-8")
print(f"{NEW_FILE} is written.")
