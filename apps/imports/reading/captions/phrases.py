"""Recognize rows that are neither ingredients nor steps, and the verbs with which steps begin."""

import re

# Servings, times, difficulty and nutrition. They have numbers, but are no ingredients.
META = re.compile(
    r"^\W*(?:(?:serves|servings?|yields?|makes|feeds|prep(?:aration)?(?: time)?|cook(?:ing)?(?: time)?|"
    r"total(?: time)?|time|ready in|"
    r"khẩu phần|phần ăn|thời gian(?: nấu| chuẩn bị)?|độ khó|difficulty|level|calories|kcal)\s*:?\s*(?=\d|dễ|"
    r"easy|trung|medium|khó|hard|khoảng|about)"
    r"|(?:protein|carbs?|fat|fiber|đạm|chất béo)\s*:?\s*\d"
    r"|\d{1,3}\s*(?:người ăn|phần ăn|khẩu phần|servings?|portions?|kcal|calories)\b|cho \d{1,2} người)",
    re.IGNORECASE,
)
# Greetings, praise, and requests to like, share or follow.
CLOSING = re.compile(
    r"^\W*(?:chúc (?:cả nhà|các|mọi|bạn|nhà|mn|ngon|thành|cuối)|(?:cuối tuần|hôm nay|tối nay)[^.]{0,30}(?:nhé|"
    r"nha)\W*$|enjoy\b(?! with)|bon app|save (?:this|it|for)|follow\b|like\b|share\b|tag (?:a|your|some|ai|"
    r"bạn)|"
    r"comment|lưu (?:lại|về|bài)|nhớ (?:lưu|follow|like|theo dõi)|đừng quên|theo dõi|cảm ơn|cám ơn|thanks|"
    r"thank you|happy cooking|let me know|link in bio|full recipe|dm me|"
    r"ngon (?:lắm|cực|khỏi|quá|miệng)|xong rồi|vậy là xong|thế là xong|that['’]s it|so good|you['’]re welcome|"
    r"ai (?:thích|muốn|cũng)|cả nhà (?:thử|làm|lưu)|mọi người (?:thử|làm|lưu)|mn (?:thử|lưu)|"
    r"giá (?:chỉ|bán|bao)|nguồn\s*:|source\s*:|credits?\s*:|sent from\b|gửi từ|inbox\b|ib\b|liên hệ|đặt hàng|"
    r"would you|have you|who['’]s|tell me|drop a)",
    re.IGNORECASE,
)
# Verbs, and adverbs of time, with which steps begin.
VERBS = re.compile(
    r"^\W*(?:rửa|cắt|thái|ướp|xào|nấu|luộc|chiên|rán|kho|hấp|nướng|đun|cho|bỏ|thêm|đảo|phi|trộn|vớt|múc|dọn|"
    r"nêm|ngâm|băm|đánh|đổ|bắc|làm|để|gọt|bóc|xay|hầm|ninh|chần|bật|tắt|lật|rắc|cuốn|gói|ủ|nhồi|"
    r"hòa|pha|khuấy|sơ chế|vo|chuẩn bị|sau đó|tiếp|cuối cùng|khi|trong lúc|đầu tiên|trước|rồi|ráo|xếp|phết|"
    r"bày|dùng|ướp|lấy|chia|nặn|viên|tẩm|lăn|"
    r"preheat|heat|add|mix|stir|cook|bake|boil|chop|slice|cut|dice|mince|combine|whisk|pour|season|fry|"
    r"saut[eé]|simmer|roast|grill|serve|place|put|let|cover|drain|rinse|wash|marinate|toss|blend|fold|bring|"
    r"remove|"
    r"transfer|garnish|top|spread|spoon|melt|cool|chill|freeze|flip|turn|in a|in the|meanwhile|then|next|"
    r"first|finally|once|when|after|while|return|reduce|cream|beat|knead|roll|shape|brush|line|grease|sear|"
    r"brown|"
    r"steam|poach|toast|crack|peel|grate|squeeze|drizzle|sprinkle|assemble|wrap|fill|repeat|keep|leave|set|"
    r"make|using|use|start|enjoy with|throw|pop|dump|layer|air ?fry|microwave|soak|strain|crush|smash|shred)\b",
    re.IGNORECASE,
)
