/// A province with two districts and three schools, by the ids that tests know them by.
package enum SampleOrganizations {
  package static let ministry = "00000000-0000-7000-8000-000000000001"
  package static let province = "00000000-0000-7000-8000-000000000074"
  package static let district = "00000000-0000-7000-8000-000000000725"
  package static let otherDistrict = "00000000-0000-7000-8000-000000000726"
  /// In `district`.
  package static let primary = "00000000-0000-7000-8000-000074725101"
  /// In `district`.
  package static let secondary = "00000000-0000-7000-8000-000074725501"
  /// In `otherDistrict`.
  package static let otherSecondary = "00000000-0000-7000-8000-000074726501"

  /// What stores them.
  package static let script = """
    INSERT INTO identity.organization (id, code, display_name, kind, parent_id, levels, valid_from)
    VALUES ('\(ministry)', 'BO', 'Bộ Giáo dục và Đào tạo', 'MINISTRY', NULL, '{}', '2000-01-01'),
           ('\(province)', '74', 'Sở Giáo dục và Đào tạo Bình Dương', 'PROVINCE', '\(ministry)',
            '{}', '2000-01-01'),
           ('\(district)', '725', 'Phòng Giáo dục và Đào tạo Thuận An', 'DISTRICT', '\(province)',
            '{}', '2000-01-01'),
           ('\(otherDistrict)', '726', 'Phòng Giáo dục và Đào tạo Dĩ An', 'DISTRICT',
            '\(province)', '{}', '2000-01-01'),
           ('\(primary)', '74725101', 'Trường Tiểu học Mẫu', 'SCHOOL', '\(district)',
            '{PRIMARY}', '2000-01-01'),
           ('\(secondary)', '74725501', 'Trường Trung học cơ sở Mẫu', 'SCHOOL', '\(district)',
            '{LOWER_SECONDARY}', '2000-01-01'),
           ('\(otherSecondary)', '74726501', 'Trường Trung học cơ sở Khác', 'SCHOOL',
            '\(otherDistrict)', '{LOWER_SECONDARY}', '2000-01-01');
    """
}
