"""The kinds of file that are told apart: their type, Chinese label, usual ending, and which endings may claim them.

Tables only. `ingest.identify` decides which row a file belongs to; `ingest.extract` says which rows can be read.
"""

from __future__ import annotations

from typing import NamedTuple

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
UNKNOWN = "application/octet-stream"
LOCKED_OFFICE = "application/x-encrypted-office"
OLE = "application/x-ole-storage"
ZIP = "application/zip"


class Kind(NamedTuple):
    """`extension` is the usual ending; `also` are others that honestly claim this type. All without the dot."""

    label: str
    extension: str
    also: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "application/pdf": Kind("PDF 文档", "pdf"),
    OOXML + "wordprocessingml.document": Kind("Word 文档（DOCX）", "docx", ("docm", "dotx", "wps", "wpt")),
    OOXML + "spreadsheetml.sheet": Kind("Excel 表格（XLSX）", "xlsx", ("xlsm", "xltx", "et", "ett")),
    OOXML + "presentationml.presentation": Kind(
        "PowerPoint 演示文稿（PPTX）", "pptx", ("pptm", "ppsx", "potx", "dps", "dpt")
    ),
    "application/msword": Kind("Word 文档（DOC/WPS）", "doc", ("dot", "wps", "wpt")),
    "application/vnd.ms-excel": Kind("Excel 表格（XLS/ET）", "xls", ("xlt", "et", "ett")),
    "application/vnd.ms-powerpoint": Kind("PowerPoint 演示文稿（PPT/DPS）", "ppt", ("pps", "pot", "dps", "dpt")),
    "application/vnd.ms-works": Kind("旧版 WPS 或 Works 文档", "wps", ("et", "dps", "doc", "wri")),
    "application/vnd.wordperfect": Kind("WordPerfect 文档", "wpd", ("wp", "wp5", "wp6", "doc")),
    "application/vnd.ms-outlook": Kind("Outlook 邮件（MSG）", "msg"),
    "application/vnd.visio": Kind("Visio 图形", "vsd"),
    LOCKED_OFFICE: Kind("加密的 Office 文档", "docx", ("xlsx", "pptx", "doc", "xls", "ppt", "wps", "et", "dps")),
    OLE: Kind("OLE 复合文档", "", ("doc", "xls", "ppt", "wps", "et", "dps", "msg", "db")),
    ODF + "text": Kind("ODF 文本（ODT）", "odt", ("ott", "fodt")),
    ODF + "spreadsheet": Kind("ODF 表格（ODS）", "ods", ("ots", "fods")),
    ODF + "presentation": Kind("ODF 演示文稿（ODP）", "odp", ("otp", "fodp")),
    ODF + "graphics": Kind("ODF 绘图（ODG）", "odg"),
    "application/ofd": Kind("OFD 版式文档", "ofd"),
    "application/epub+zip": Kind("EPUB 电子书", "epub"),
    "application/rtf": Kind("RTF 文档", "rtf"),
    "text/html": Kind("网页（HTML）", "html", ("htm", "xhtml", "shtml")),
    "multipart/related": Kind("网页归档（MHT）", "mht", ("mhtml",)),
    "message/rfc822": Kind("电子邮件（EML）", "eml", ("mht", "mhtml")),
    "text/plain": Kind("纯文本", "txt", ("log", "ini", "conf", "text", "srt", "lrc")),
    "text/csv": Kind("CSV 表格", "csv", ("tsv",)),
    "text/markdown": Kind("Markdown 文本", "md", ("markdown",)),
    "application/json": Kind("JSON 数据", "json", ("geojson", "jsonl")),
    "application/xml": Kind("XML 数据", "xml", ("xsd", "xsl", "rdf", "kml", "gpx", "uof", "svg")),
    "image/svg+xml": Kind("SVG 图形", "svg"),
    "text/vnd.familysearch.gedcom": Kind("GEDCOM 家谱", "ged", ("gedcom",)),
    "application/vnd.familysearch.gedcom+zip": Kind("GEDCOM 家谱包", "gdz"),
    "image/jpeg": Kind("JPEG 图像", "jpg", ("jpeg", "jpe", "jfif")),
    "image/png": Kind("PNG 图像", "png"),
    "image/gif": Kind("GIF 图像", "gif"),
    "image/bmp": Kind("BMP 图像", "bmp", ("dib",)),
    "image/tiff": Kind("TIFF 图像", "tif", ("tiff", "dng", "nef", "cr2", "arw")),
    "image/webp": Kind("WebP 图像", "webp"),
    "image/heic": Kind("HEIC 照片", "heic", ("heif", "hif")),
    "image/avif": Kind("AVIF 图像", "avif"),
    "image/jp2": Kind("JPEG 2000 图像", "jp2", ("j2k", "jpx", "jpf")),
    "image/vnd.djvu": Kind("DjVu 扫描件", "djvu", ("djv",)),
    "image/vnd.adobe.photoshop": Kind("Photoshop 图像", "psd"),
    "image/vnd.dwg": Kind("AutoCAD 图纸", "dwg"),
    "image/wmf": Kind("WMF 图形", "wmf"),
    "image/emf": Kind("EMF 图形", "emf"),
    "audio/mpeg": Kind("MP3 录音", "mp3", ("mp2", "mpga")),
    "audio/wav": Kind("WAV 录音", "wav"),
    "audio/flac": Kind("FLAC 录音", "flac"),
    "audio/ogg": Kind("OGG 录音", "ogg", ("oga", "opus")),
    "audio/amr": Kind("AMR 录音", "amr"),
    "audio/mp4": Kind("M4A 录音", "m4a", ("mp4", "aac")),
    "audio/aac": Kind("AAC 录音", "aac"),
    "audio/midi": Kind("MIDI 音乐", "mid", ("midi",)),
    "audio/aiff": Kind("AIFF 录音", "aif", ("aiff",)),
    "video/mp4": Kind("MP4 视频", "mp4", ("m4v", "f4v")),
    "video/quicktime": Kind("MOV 视频", "mov", ("qt",)),
    "video/3gpp": Kind("3GP 视频", "3gp", ("3g2", "3gpp")),
    "video/x-msvideo": Kind("AVI 视频", "avi"),
    "video/x-ms-asf": Kind("WMV/WMA 影音", "wmv", ("wma", "asf")),
    "video/x-matroska": Kind("MKV/WebM 视频", "mkv", ("webm", "mka")),
    "video/x-flv": Kind("FLV 视频", "flv"),
    "video/mpeg": Kind("MPEG 视频", "mpg", ("mpeg", "vob", "dat")),
    "video/mp2t": Kind("MPEG-TS 视频", "ts", ("mts", "m2ts")),
    "video/vnd.rn-realvideo": Kind("RMVB 视频", "rmvb", ("rm",)),
    ZIP: Kind("ZIP 压缩包", "zip"),
    "application/x-7z-compressed": Kind("7z 压缩包", "7z"),
    "application/vnd.rar": Kind("RAR 压缩包", "rar"),
    "application/gzip": Kind("GZIP 压缩文件", "gz", ("tgz",)),
    "application/x-bzip2": Kind("BZIP2 压缩文件", "bz2"),
    "application/x-xz": Kind("XZ 压缩文件", "xz"),
    "application/x-tar": Kind("TAR 打包文件", "tar"),
    "application/vnd.sqlite3": Kind("SQLite 数据库", "sqlite", ("db", "sqlite3")),
    "application/x-msaccess": Kind("Access 数据库", "mdb", ("accdb",)),
    "application/x-dbf": Kind("DBF 数据表", "dbf"),
    "application/x-caj": Kind("CAJ 文献", "caj", ("nh", "kdh")),
    "application/postscript": Kind("PostScript 文档", "ps", ("eps", "ai")),
    "font/ttf": Kind("字体文件", "ttf", ("ttc",)),
    "font/otf": Kind("字体文件", "otf"),
    "font/woff": Kind("字体文件", "woff", ("woff2",)),
    "application/x-dosexec": Kind("Windows 程序", "exe", ("dll", "scr", "com", "sys")),
    "application/x-executable": Kind("Linux 程序", "", ("so", "bin", "o")),
    "application/x-ms-shortcut": Kind("Windows 快捷方式", "lnk"),
    UNKNOWN: Kind("未知格式", ""),
}

CLAIMS: dict[str, frozenset[str]] = {}
"""Ending → the types it may honestly stand for."""
for _mime, _kind in KINDS.items():
    for _ending in filter(None, (_kind.extension, *_kind.also)):
        CLAIMS[_ending] = CLAIMS.get(_ending, frozenset()) | {_mime}

TEXTS = frozenset({"text/plain", "text/csv", "text/markdown", "application/json"})
"""Types that bytes alone do not tell apart: the ending decides among them."""

HEADS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x09\x08\x08\0\0\x05", "application/vnd.ms-excel"),
    (0, b"\x09\x04\x06\0", "application/vnd.ms-excel"),
    (0, b"\x09\x02\x06\0", "application/vnd.ms-excel"),
    (0, b"\xdb\xa5\x2d\0", "application/vnd.ms-works"),
    (0, b"\x31\xbe\0\0\0\xab", "application/vnd.ms-works"),
    (0, b"\xffWPC", "application/vnd.wordperfect"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"AIFF", "audio/aiff"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"AC10", "image/vnd.dwg"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (40, b" EMF", "image/emf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"MThd", "audio/midi"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
    (0, b".RMF", "video/vnd.rn-realvideo"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (4, b"Standard Jet DB", "application/x-msaccess"),
    (4, b"Standard ACE DB", "application/x-msaccess"),
    (0, b"CAJ\0", "application/x-caj"),
    (0, b"HN\0\0", "application/x-caj"),
    (0, b"KDH ", "application/x-caj"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\0\x01\0\0\0", "font/ttf"),
    (0, b"ttcf", "font/ttf"),
    (0, b"OTTO", "font/otf"),
    (0, b"wOF", "font/woff"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
)

BRANDS: dict[bytes, str] = {
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic", b"heim": "image/heic",
    b"heis": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic", b"avif": "image/avif", b"avis": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp", b"3g2a": "video/3gpp",
}  # fmt: skip
"""Major brands of ISO media files; any other is taken for MP4."""
