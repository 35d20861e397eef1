"""district.py FOLDER: makes a small district that is not the sample, and what the law makes of it.

The folder gets the workbooks of two schools and expected.json. The results are computed here, from
the circulars (22/2021, 27/2020), and share no code with the program that is tested.
"""

import datetime
import json
import pathlib
import random
import sys
import unicodedata

import openpyxl

YEAR = "2024-2025"
random.seed(20240905)

FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đặng", "Võ"]
MIDDLE = ["Thị", "Văn", "Ngọc", "Hữu", "Thuỳ", "Quốc"]
GIVEN = ["An", "Bảo", "Châu", "Dũng", "Giang", "Hiếu", "Khuê", "Lộc", "Nghĩa", "Oanh", "Tuấn", "Ý"]

TRAITS = [
    "Yêu nước", "Nhân ái", "Chăm chỉ", "Trung thực", "Trách nhiệm", "Tự chủ và tự học",
    "Giao tiếp và hợp tác", "Giải quyết vấn đề và sáng tạo", "Ngôn ngữ", "Tính toán", "Khoa học",
    "Công nghệ", "Tin học", "Thẩm mĩ", "Thể chất",
]  # fmt: skip

# Primary subjects: code, name, grades, periods with a test by grade (circular 27, article 7).
ENDS = ["chk1", "cn"]
ALL = ["ghk1", "chk1", "ghk2", "cn"]
PRIMARY = [
    ("tieng-viet", "Tiếng Việt", {3: ENDS, 4: ALL}),
    ("toan", "Toán", {3: ENDS, 4: ALL}),
    ("ngoai-ngu-1", "Ngoại ngữ 1", {3: ENDS, 4: ENDS}),
    ("lich-su-dia-li", "Lịch sử và Địa lí", {4: ENDS}),
    ("khoa-hoc", "Khoa học", {4: ENDS}),
    ("tin-hoc", "Tin học", {3: ENDS, 4: ENDS}),
    ("cong-nghe", "Công nghệ", {3: ENDS, 4: ENDS}),
    ("dao-duc", "Đạo đức", {3: [], 4: []}),
    ("tu-nhien-xa-hoi", "Tự nhiên và Xã hội", {3: []}),
    ("gdtc", "Giáo dục thể chất", {3: [], 4: []}),
    ("nghe-thuat-am-nhac", "Nghệ thuật (Âm nhạc)", {3: [], 4: []}),
    ("nghe-thuat-mi-thuat", "Nghệ thuật (Mĩ thuật)", {3: [], 4: []}),
    ("hdtn", "Hoạt động trải nghiệm", {3: [], 4: []}),
]  # fmt: skip

# Lower secondary: code, name, regular marks a term by grade (article 6: 35 lessons 2, up to 70
# lessons 3, more 4); comment subjects have 2.
SCORED = [
    ("ngu-van", "Ngữ văn", {7: 4, 8: 4}),
    ("toan", "Toán", {7: 4, 8: 4}),
    ("ngoai-ngu-1", "Tiếng Anh", {7: 4, 8: 4}),
    ("gdcd", "Giáo dục công dân", {7: 2, 8: 2}),
    ("lich-su-dia-li", "Lịch sử và Địa lí", {7: 4, 8: 4}),
    ("khoa-hoc-tu-nhien", "Khoa học tự nhiên", {7: 4, 8: 4}),
    ("cong-nghe", "Công nghệ", {7: 2, 8: 3}),
    ("tin-hoc", "Tin học", {7: 2, 8: 2}),
]
COMMENT = [
    ("gdtc", "Giáo dục thể chất"),
    ("nghe-thuat", "Nghệ thuật"),
    ("hdtn-hn", "Hoạt động trải nghiệm, hướng nghiệp"),
    ("gddp", "Nội dung giáo dục của địa phương"),
]


# --- The law -----------------------------------------------------------------------------------


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def term_average(regular, middle, end):
    """Circular 22, article 9.1, in tenths."""
    return half_up(sum(regular) + 2 * middle + 3 * end, len(regular) + 5)


def year_average(first, second):
    return half_up(first + 2 * second, 3)


RANK = {"CĐ": 0, "Đ": 1, "K": 2, "T": 3}
LEVEL = {rank: level for level, rank in RANK.items()}


def level(averages, comments):
    """Article 9.2."""
    failed = sum(1 for value in comments.values() if value != "Đ")
    values = list(averages.values())

    def at_least(limit):
        return sum(1 for value in values if value >= limit)

    if failed == 0 and min(values) >= 65 and at_least(80) >= 6:
        return "T"
    if failed == 0 and min(values) >= 50 and at_least(65) >= 6:
        return "K"
    if failed <= 1 and at_least(50) >= 6 and min(values) >= 35:
        return "Đ"
    return "CĐ"


def academic(averages, comments):
    """Article 9.3, with the one subject left out: the others must carry the level."""
    base = level(averages, comments)
    without = [level({k: v for k, v in averages.items() if k != s}, comments) for s in averages]
    without += [level(averages, {k: v for k, v in comments.items() if k != s}) for s in comments]
    best = max(without, key=RANK.get)
    adjusted = best in "TK" and RANK[best] - RANK[base] >= 2
    return (LEVEL[RANK[base] + 1] if adjusted else base), adjusted


# Article 8, by first and second term.
CONDUCT = {
    "T": {"T": "T", "K": "K", "Đ": "K", "CĐ": "CĐ"},
    "K": {"T": "T", "K": "K", "Đ": "Đ", "CĐ": "CĐ"},
    "Đ": {"T": "K", "K": "K", "Đ": "Đ", "CĐ": "CĐ"},
    "CĐ": {"T": "K", "K": "Đ", "Đ": "Đ", "CĐ": "CĐ"},
}


def decimal(tenths):
    return f"{tenths // 10}.{tenths % 10}"


def lower_secondary(pupil):
    terms = {}
    for term in ("I", "II"):
        averages = {code: term_average(*marks) for code, marks in pupil["scores"][term].items()}
        comments = {
            code: "Đ" if all(value == "Đ" for value in values) else "CĐ"
            for code, values in pupil["comments"][term].items()
        }
        terms[term] = (averages, comments, pupil["conduct"][term])
    year = {code: year_average(value, terms["II"][0][code]) for code, value in terms["I"][0].items()}
    # Comment subjects: the second term is the year's result.
    terms["year"] = (year, terms["II"][1], CONDUCT[terms["I"][2]][terms["II"][2]])
    out = {}
    for name, (averages, comments, conduct) in terms.items():
        result, adjusted = academic(averages, comments)
        out[name] = {
            "averages": {code: decimal(value) for code, value in averages.items()},
            "comments": comments,
            "conduct": conduct,
            "academic": result,
            "adjusted": adjusted,
        }
    last = out["year"]
    last["absences"] = sum(sum(pupil["absences"][term]) for term in ("I", "II"))
    last["award"] = None
    if last["conduct"] == last["academic"] == "T":
        excellent = sum(1 for value in year.values() if value >= 90) >= 6
        last["award"] = "Học sinh Xuất sắc" if excellent else "Học sinh Giỏi"
    last["promoted"] = (
        last["conduct"] != "CĐ" and last["academic"] != "CĐ" and last["absences"] <= 45
    )
    return {"terms": {"I": out["I"], "II": out["II"]}, "year": last}


def primary(pupil):
    """Circular 27, article 9.2."""
    final = pupil["periods"]["cn"]
    levels, exams, traits = final["levels"], final["exams"], final["traits"]
    top = set(levels.values()) == set(traits.values()) == {"T"}
    if top and min(exams.values()) >= 9:
        result = "HTXS"
    elif top and min(exams.values()) >= 7:
        result = "HTT"
    elif "C" not in levels.values() and "C" not in traits.values() and min(exams.values()) >= 5:
        result = "HT"
    else:
        result = "CHT"
    return {"year": {"levels": levels, "exams": exams, "traits": traits, "result": result}}


# --- The people --------------------------------------------------------------------------------


def person(code, birth_year):
    female = random.random() < 0.5
    name = f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}"
    day = (random.randint(1, 28), random.randint(1, 12), birth_year)
    century = 2 * (birth_year // 100 - 19) + (1 if female else 0)
    number = f"079{century}{birth_year % 100:02}{random.randint(0, 999999):06}"
    return {
        "code": code, "name": name, "born": day, "sex": "Nữ" if female else "Nam", "id": number,
    }  # fmt: skip


def scores(centre, count):
    def one():
        return max(0, min(100, centre + random.randint(-8, 8)))

    return [one() for _ in range(count)], one(), one()


def secondary_pupil(number, code, cls, grade):
    pupil = person(code, 2025 - 6 - grade)
    # Each pupil sits near another threshold; two fail one subject only, or one comment subject.
    centre = [93, 84, 80, 66, 64, 52, 50, 40][number % 8]
    weak, low = {3: ("tin-hoc", 25), 9: ("gdcd", 42), 8: ("toan", 44)}.get(number, ("", 0))
    pupil["scores"] = {
        term: {
            subject: scores(low if subject == weak else centre, count[grade])
            for subject, _, count in SCORED
        }
        for term in ("I", "II")
    }
    if number == 1 and grade == 8:
        # 8.35 and 7.25: halves go up, and neither floats nor half-even get both right.
        pupil["scores"]["I"]["cong-nghe"] = ([85, 80, 85], 83, 84)
        pupil["scores"]["II"]["cong-nghe"] = ([70, 70, 75], 70, 75)
    pupil["comments"] = {
        term: {
            subject: ["CĐ" if (number, subject, term, i) in FAILURES else "Đ" for i in range(4)]
            for subject, _ in COMMENT
        }
        for term in ("I", "II")
    }
    pairs = [("T", "T"), ("K", "T"), ("T", "K"), ("Đ", "T"), ("T", "Đ"), ("CĐ", "K"), ("T", "CĐ")]
    first, second = ("T", "T") if number < 3 else pairs[number % 7]
    pupil["conduct"] = {"I": first, "II": second}
    # 45 half-days are still promoted, 46 are not.
    last = {4: 45, 10: 46}.get(number, random.randint(0, 4))
    pupil["absences"] = {"I": (0, 0), "II": (last - last // 3, last // 3)}
    pupil.update(cls=cls, grade=grade)
    return pupil


FAILURES = {(0, "gdtc", "I", 3), (2, "nghe-thuat", "II", 1), (11, "gddp", "II", 0)} | {
    (11, "gdtc", "II", 2)
}


def primary_pupil(number, code, cls, grade):
    pupil = person(code, 2025 - 6 - grade)
    tests = [range(9, 11), range(7, 11), range(5, 9), range(3, 7)][number % 4]
    levels = ["T", "T", "TH", "THC"][number % 4]
    pupil["periods"] = {}
    for period in ALL:
        pupil["periods"][period] = {
            "levels": {c: random.choice(levels) for c, _, g in PRIMARY if grade in g},
            "exams": {c: random.choice(tests) for c, _, g in PRIMARY if period in g.get(grade, [])},
            "traits": {t: random.choice(["T", "T", "TĐ", "TĐC"][number % 4]) for t in TRAITS},
        }
    if number == 4:
        # One trait below the top: Hoàn thành, whatever the tests say.
        pupil["periods"]["cn"]["traits"]["Trách nhiệm"] = "Đ"
    pupil.update(cls=cls, grade=grade)
    return pupil


# --- The workbooks -----------------------------------------------------------------------------


def untidy(text):
    """A text as people type it."""
    return random.choice([
        text, text, f" {text} ", text.replace(" ", "\u00a0"), unicodedata.normalize("NFD", text),
        text.replace(" ", "  "),
    ])  # fmt: skip


def score_cell(tenths):
    plain = decimal(tenths)
    whole = tenths // 10 if tenths % 10 == 0 else tenths / 10
    wide = plain.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    # Spreadsheets keep what they have computed: 6.3 as 6.299999999999999.
    dust = whole - 8e-16 if tenths else 0
    return random.choice([
        whole, plain, plain.replace(".", ","), f" {plain} ", f"{plain}\u00a0", f"{plain}0", wide,
        dust,
    ])  # fmt: skip


def level_cell(text):
    # U+00D0 looks like the letter Đ, and is not.
    return random.choice([
        text, text, text.lower(), f" {text}", f"{text}\u00a0", unicodedata.normalize("NFD", text),
        text.replace("Đ", "\u00d0"),
    ])  # fmt: skip


def born(pupil):
    day, month, year = pupil["born"]
    return random.choice([
        f"{day:02}/{month:02}/{year}", f"{day}/{month}/{year}", f" {day:02}-{month:02}-{year}",
        datetime.datetime(year, month, day),
    ])  # fmt: skip


def digits_cell(text):
    """A number that is a name: as text, or as a number that has lost its zeros at the front."""
    return random.choice([text, f"{text}\u00a0", int(text)])


def sheet(book, title, titles, headings, rows, shuffle=True):
    """A sheet with titles above and notes below; its columns in an order of its own."""
    order = list(range(len(headings)))
    if shuffle:
        random.shuffle(order)
    page = book.create_sheet(title[:31])
    for text in titles:
        page.append([untidy(text)])
        page.merge_cells(
            start_row=page.max_row, start_column=1, end_row=page.max_row, end_column=len(headings)
        )
    page.append([])
    page.append([untidy(headings[i]) for i in order])
    for number, row in enumerate(rows):
        page.append([row[i] for i in order])
        # A printed page ends: the headings stand again.
        if number == 8 and random.random() < 0.2:
            page.append([])
            page.append([untidy(headings[i]) for i in order])
    notes = [
        [None, f"Sĩ số: {len(rows)}"], ["Ghi chú:", "T: Tốt", "Đ: Đạt", "C: Cần cố gắng"],
        [None, "Thuận An, ngày 31 tháng 5 năm 2025"], [None, None, None, "Ngày 31/5/2025"],
        [None, "Người lập bảng", None, "GVCN", "Hiệu trưởng"], [],
    ]  # fmt: skip
    page.append([])
    for note in random.sample(notes, 3):
        page.append(note)


def new_book():
    book = openpyxl.Workbook()
    book.remove(book.active)
    return book


def roster(folder, school, staff, classes, pupils, assignments):
    book = new_book()
    head = [school["name"].upper()]
    sheet(
        book, "Phân công", head + ["PHÂN CÔNG CHUYÊN MÔN"],
        ["Mã môn", "Tên lớp", "Mã giáo viên", "Tên môn"],
        [[s, c, t, untidy(n)] for s, c, t, n in assignments],
    )  # fmt: skip
    sheet(
        book, "Học sinh", head + ["DANH SÁCH HỌC SINH"],
        ["STT", "Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Nơi sinh",
         "Số định danh cá nhân", "Lớp", "Người giám hộ", "Điện thoại", "Địa chỉ", "Trạng thái"],
        [[i + 1, digits_cell(p["code"]), untidy(p["name"]), born(p), p["sex"], "Kinh", "Bình Dương",
          digits_cell(p["id"]),
          p["cls"], "Nguyễn Văn Giám", digits_cell("0912345678"),
          "12 khu phố 3, phường Lái Thiêu", "Đang học"]
         for i, p in enumerate(pupils)],
    )  # fmt: skip
    sheet(
        book, "Lớp", head + ["DANH SÁCH LỚP"],
        ["STT", "Tên lớp", "Khối", "Năm học", "Mã GVCN"],
        [[i + 1, c, random.choice([g, f"Khối {g}"]), YEAR.replace("-", " - "), t]
         for i, (c, g, t) in enumerate(classes)],
    )  # fmt: skip
    sheet(
        book, "Nhân sự", head + ["DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN"],
        ["STT", "Mã nhân sự", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân",
         "Chức vụ", "Email"],
        [[i + 1, p["code"], untidy(p["name"]), born(p), p["sex"], p["id"], p["position"],
          f"{p['code']}@khac.edu.vn"] for i, p in enumerate(staff)],
    )  # fmt: skip
    book.save(folder / "ho-so-truong.xlsx")


def start(pupil, number):
    return [number + 1, digits_cell(pupil["code"]), untidy(pupil["name"]), born(pupil)]


START = ["STT", "Mã học sinh", "Họ và tên", "Ngày sinh"]


def mark_book(folder, school, cls, grade, term, pupils, teachers):
    book = new_book()
    about = f"Lớp: {cls}   Năm học: {YEAR}"
    roman = {1: "I", 2: "II"}[term]

    def titles(name, teacher):
        return [
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", school["name"].upper(),
            f"BẢNG ĐIỂM MÔN {name.upper()} - HỌC KÌ {roman}", about, f"Giáo viên: {teacher}",
        ]  # fmt: skip

    for code, name, counts in SCORED:
        headings = START + [f"ĐĐGtx {i + 1}" for i in range(counts[grade])]
        headings += ["ĐĐGgk", "ĐĐGck", "ĐTBmhk", "Nhận xét"]
        rows = []
        for number, pupil in enumerate(pupils):
            regular, middle, end = pupil["scores"][roman][code]
            cells = [score_cell(x) for x in regular + [middle, end]]
            rows.append(start(pupil, number) + cells + [None, "Có cố gắng"])
        sheet(book, name, titles(name, teachers[code]), headings, rows)
    for code, name in COMMENT:
        headings = START + ["ĐĐGtx 1", "ĐĐGtx 2", "ĐĐGgk", "ĐĐGck", "Đánh giá HK", "Nhận xét"]
        rows = [
            start(pupil, number)
            + [level_cell(x) for x in pupil["comments"][roman][code]]
            + [None, None]
            for number, pupil in enumerate(pupils)
        ]
        sheet(book, name, titles(name, teachers[code]), headings, rows)
    headings = START + ["Kết quả rèn luyện", "Nghỉ có phép", "Nghỉ không phép"]
    rows = [
        start(pupil, number) + [level_cell(pupil["conduct"][roman]), *pupil["absences"][roman]]
        for number, pupil in enumerate(pupils)
    ]
    sheet(
        book, "Rèn luyện",
        [school["name"].upper(), f"KẾT QUẢ RÈN LUYỆN - HỌC KÌ {roman}", about],
        headings + ["Nhận xét của GVCN"], [row + ["Ngoan"] for row in rows],
    )  # fmt: skip
    book.save(folder / f"so-diem-{cls}-hk{term}.xlsx")


def summary(folder, school, cls, grade, period, pupils):
    book = new_book()
    about = f"Lớp: {cls}   Năm học: {YEAR}"
    headings, columns = list(START), []
    for code, name, grades in PRIMARY:
        if grade not in grades:
            continue
        headings.append(f"{name} - Mức đạt được")
        columns.append(("levels", code))
        if period in grades[grade]:
            headings.append(f"{name} - Điểm KTĐK")
            columns.append(("exams", code))
    rows = []
    for number, pupil in enumerate(pupils):
        row = start(pupil, number)
        for kind, code in columns:
            value = pupil["periods"][period][kind][code]
            row.append(level_cell(value) if kind == "levels" else random.choice([value, f" {value}"]))
        rows.append(row)
    head = [school["name"].upper(), f"BẢNG TỔNG HỢP - {period.upper()}", about]
    sheet(book, "Môn học", head, headings, rows)
    rows = [
        start(p, i) + [level_cell(p["periods"][period]["traits"][t]) for t in TRAITS] + ["Ngoan"]
        for i, p in enumerate(pupils)
    ]
    sheet(book, "Phẩm chất, năng lực", head, START + TRAITS + ["Nhận xét"], rows)
    book.save(folder / f"tong-hop-{cls.replace('/', '-')}-{period}.xlsx")


# --- The schools -------------------------------------------------------------------------------


def make_staff(code, teachers):
    positions = ["Hiệu trưởng", "Phó hiệu trưởng", "Văn thư"] + ["Giáo viên"] * teachers
    staff = []
    for number, position in enumerate(positions):
        member = person(f"{code}-{number + 1:03}", random.randint(1970, 1998))
        member["position"] = position
        staff.append(member)
    return staff


def school(base, code, name, level, classes, size, first):
    folder = base / code
    folder.mkdir(parents=True)
    about = {
        "code": code, "name": name, "level": level, "district": "761", "province": "79",
        "principal": f"{code}-001",
    }  # fmt: skip
    (folder / "truong.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    subjects = [(c, n, set(g)) for c, n, g in (PRIMARY if level == "TH" else SCORED)]
    if level == "THCS":
        subjects += [(c, n, {7, 8}) for c, n in COMMENT]
    staff = make_staff(code, 8)
    teachers = [member["code"] for member in staff[3:]]
    pupils, assignments, rows, expected = [], [], [], {}
    for index, (cls, grade) in enumerate(classes):
        rows.append((cls, grade, teachers[index]))
        taught = {}
        for number, (subject, title, grades) in enumerate(subjects):
            if grade in grades:
                one = teachers[index] if level == "TH" else teachers[(index + number) % 8]
                taught[subject] = one
                assignments.append((subject, cls, one, title))
        members = []
        for number in range(size):
            make = primary_pupil if level == "TH" else secondary_pupil
            member = make(number, f"79{first + len(pupils) + number:08}", cls, grade)
            results = primary(member) if level == "TH" else lower_secondary(member)
            expected[member["code"]] = {
                "name": member["name"], "school": code, "cls": cls, "grade": grade, **results,
            }  # fmt: skip
            members.append(member)
        pupils += members
        if level == "TH":
            for period in ALL:
                summary(folder, about, cls, grade, period, members)
        else:
            for term in (1, 2):
                mark_book(folder, about, cls, grade, term, members, taught)
    roster(folder, about, staff, rows, pupils, assignments)
    return expected


def main():
    base = pathlib.Path(sys.argv[1])
    expected = school(
        base, "79761107", "Trường Tiểu học Khác", "TH", [("3A", 3), ("4/2", 4)], 12, 100
    )
    expected |= school(
        base, "79761509", "Trường THCS Khác", "THCS", [("7B1", 7), ("8C", 8)], 16, 500
    )
    text = json.dumps({"schoolYear": YEAR, "students": expected}, ensure_ascii=False)
    (base / "expected.json").write_text(text, encoding="utf-8")


main()
