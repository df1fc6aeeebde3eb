"""Surnames as data, and whether a string has the shape of a Chinese personal name. Shape is not proof."""

from __future__ import annotations

import re

_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪柏"
    "樊兰殷翟安颜倪牛温芦季俞"
    "章鲁葛伍申尤毕聂柴焦齐梅庄耿关岳左柳甘祝包宁符詹欧游简纪舒屈项涂古成辛管华祁麦凌卫冉卓鲍蓝闵裴甄蒲尚盛路游屠卜花"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇盧鍾譚陸範賈鄒龍賀顧龔邵嚴錢湯賴顏蘭閻聶齊莊關歐簡紀項塗華藍閔趙羅"
)
_TWO_CHARACTERS = "欧阳 歐陽 司马 诸葛 上官 皇甫 令狐 夏侯 东方 尉迟 公孙 司徒 端木 慕容"
_DOUBLE = tuple(_TWO_CHARACTERS.split())
_NEVER_GIVEN = (
    "的了是在和与及为等对不也都要会到上下把被让请从由向说问答日时分元亩户组村镇乡县市们这那其此个只再又已"
    "该各某员表主席记将并于以或者姓名号签字领提介负讲担参列缺通"
)
_WORDS = (
    "任务 高度 常务 方案 成员 成立 金额 石料 马上 安全 安排 安装 路灯 向前 关于 关系 文件 文书 包括 包干 "
    "项目 管理 管护 古树 白事 "
    "华人 左右 左侧 游客 花名 施工 施行 易地 康复 单位 高龄 方便 方法 党员 会计 全体 和平 温馨 安置 纪要 "
    "纪律 简要 简介 常住 程序 严格 万元 "
    "史料 高考 田界 田边 包饺 龙灯 龙王 龙过 "
    "石门 金银 水库 文化 文明 余款 余额 申请 申报 田土 田间 田地 田坎 关注 江水 路面 白天 黄色 蓝色 红色 "
    "高山 万一 成本 成果 毛料 "
    "马路 石桥 石头 石匠 牛马 管道 管网 章程 项下 任期 方面 包装 符合 尚未 盛产 温度 金融 时间 地点 常年 "
    "解决 段落 宁可 洪水 于是 于今 古井 成绩 成效 周一 周二 周三 周四 周五 周六 周日 周末 周年 周边 周围 "
    "管水 管电 张贴 张榜 程度 任何 金属 江边 何时 高中 初中 万事 党员 祝贺 温暖 宣传 康养 车辆 水管 管子 路基"
)
_NOT_NAMES = frozenset(_WORDS.split())
_SURNAME = f"(?:{'|'.join(_DOUBLE)}|[{_SINGLE}])"
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
NAME_PATTERN = _SURNAME + _GIVEN
NAME = re.compile(NAME_PATTERN)
_HAMLET = re.compile(r"[\u4e00-\u9fff]{1,2}家[沟湾坝坪岭坳槽桥塘院岩河冲垭寨岗坡塝铺山嘴坎田井溝灣壩嶺]")


def is_hamlet(written: str) -> bool:
    """王家沟, 李家坝: a surname makes the place, not a person."""
    return _HAMLET.fullmatch(written) is not None


def is_name(written: str) -> bool:
    """Has it a surname and one or two characters that people are named with?"""
    if not NAME.fullmatch(written) or is_hamlet(written) or written in _NOT_NAMES or written[:2] in _NOT_NAMES:
        return False
    given = written[2:] if written.startswith(_DOUBLE) and len(written) > 2 else written[1:]
    return bool(given) and given != "书" and not any(one in _NEVER_GIVEN for one in given)
