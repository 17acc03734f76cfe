from tools.schema import TEXT, of_all_steps

TEXT.write_text(of_all_steps(), encoding="utf-8")
print(f"{TEXT} is written.")
