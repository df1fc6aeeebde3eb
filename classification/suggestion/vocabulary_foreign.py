"""Words of papers that belong to no village archive: advertisements, private papers, manuals of private things, junk.

They never point to a series; where they weigh more than what does, the proposal stays empty.
"""

from __future__ import annotations

FOREIGN = """
限时优惠 优惠券 包邮 点击购买 立即购买 立即下单 下单 秒杀 满减 双十一 特价 促销 大促 清仓 折扣 打折 买一送一
免费领取 扫码领 商品房 按揭 月供 小区 范本 下载版 亲朋好友 各位来宾 大喜日子 新郎 新娘 手抄报 单词 三年级 二年级
五年级 一年级 营业厅 套餐含 5g 合约期 健身 深蹲 蛋白粉 养生 专家说 转发给 朋友圈 收银系统 使用指南 注册账号
尊敬的用户 尊敬的客户 仪表 钥匙与车门 试驾 官方旗舰店 旗舰店 淘宝 京东 拼多多 快递单号 物流信息 确认收货 订单编号
客服热线 咨询热线 热线电话 加盟 招商加盟 代理商 立即咨询 售楼 楼盘 开盘 首付 豪宅 学区房 户型 江景 商铺火热 保底收益
年化 收益率 理财产品 客户经理 炒股 股票 大盘 基金 彩票 中奖 转账截图 游戏 攻略 打怪 通关 外挂 王者 小说 第十章
第十二章 电视剧 电影 下载地址 网盘 歌词 情歌 明星 演唱会 动漫 漫画 壁纸 表情包 求职意向 个人简历 求职 应聘 期望薪资
自我评价 工作经历 作文 我的妈妈 我的爸爸 我的老师 日记本一则 看图写话 语文 数学 英语 体育课 美术课 单元测试 期末考试
小学生作业 家庭作业 暑假作业 幼儿园大班 家长群 旅游攻略 自由行 五日游 一日游 酒店 机票 签证 海南 三亚 景点门票 减肥
食谱 菜谱 美容 护肤 化妆 星座 运势 算命 起名 宠物 猫咪 婚纱照 表妹 表哥 生日派对 生日快乐 自拍 驾校 科目二 科目三
驾驶 用户手册 车主 汽车 轿车 轮胎 机油 发动机 车险 手机 平板 路由器 驱动 安装指南 安装包 安装向导 双击 下一步 破解
注册码 激活码 windows android iphone install license copyright readme setup software update password 检验报告单
化验单 白细胞 红细胞 血小板 参考范围 处方笺 b超 ct 门诊病历 出院小结 出院记录 水电费账单 信用卡 话费 套餐 流量包
保险产品 年金险 重疾险 保单 微商 代购 传销 借贷平台 网贷 租房 合租 二手 转让店铺 婚介 相亲 交友 测试文件 asdf lorem
ipsum 新建文本文档 未命名
"""
